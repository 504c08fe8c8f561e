import type { Stored } from "./stored.js";

/** Keeps events in IndexedDB. Each call fails where there is none; the next one tries again. */
export const createDatabase = (name: string) => {
  let opening: Promise<IDBDatabase> | undefined;
  const open = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      // An opening may hang: https://bugs.webkit.org/show_bug.cgi?id=226547
      setTimeout(reject, 3_000);
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("events", { keyPath: "id" });
      request.onerror = reject;
      request.onsuccess = () => {
        const database = request.result;
        database.onclose = database.onversionchange = () => {
          database.close();
          opening = undefined;
        };
        resolve(database);
      };
    });
  // Done is done once the transaction is complete, not the request.
  const change = async <Found>(act: (events: IDBObjectStore) => IDBRequest<Found> | void): Promise<Found> => {
    try {
      const transaction = (await (opening ||= open())).transaction("events", "readwrite");
      const request = act(transaction.objectStore("events"));
      return await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(request?.result as Found);
        transaction.onabort = reject;
      });
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  return {
    _add: (events: Stored[]) => change((store) => events.forEach((one) => store.put(one))),
    _all: () => change<Stored[]>((store) => store.getAll()),
    _remove: (events: Stored[]) => change((store) => events.forEach((one) => store.delete(one.id))),
  };
};
