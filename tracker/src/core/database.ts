/**
 * What does something to the events in IndexedDB, and resolves once that is durable. Rejects where there is no database;
 * the next call tries again.
 */
export const createDatabase = (name: string) => {
  let opening: Promise<IDBDatabase> | undefined;
  const open = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      // An opening may hang: https://bugs.webkit.org/show_bug.cgi?id=226547
      setTimeout(reject, 3_000);
      const request = indexedDB.open(name);
      request.onupgradeneeded = () => request.result.createObjectStore("events", { keyPath: "id" });
      request.onerror = reject;
      request.onsuccess = () => {
        const database = request.result;
        // Another tab wants to delete it: do not stand in its way. A closed one fails, and is opened anew.
        database.onversionchange = () => database.close();
        resolve(database);
      };
    });
  return <Found>(act: (events: IDBObjectStore) => IDBRequest<Found> | void): Promise<Found> =>
    (opening ||= open())
      .then(
        (database) =>
          new Promise<Found>((resolve, reject) => {
            const transaction = database.transaction("events", "readwrite");
            const request = act(transaction.objectStore("events"));
            // A request's success is not yet the transaction's.
            transaction.oncomplete = () => resolve(request?.result as Found);
            transaction.onabort = reject;
          }),
      )
      .catch((error) => {
        opening = undefined;
        throw error;
      });
};
