// What many sites have: every event is a beacon, sent at once and forgotten. It knows `ff("init")` and `ff("track")`.
((queue) => {
  let settings;
  let visitor;
  function send(name, level, properties) {
    const now = Date.now();
    const events = [{ id: crypto.randomUUID(), name, level, time: now, properties: properties || {} }];
    const page = { url: location.href, referrer: document.referrer, title: document.title };
    const batch = { write_key: settings.key, sent_at: now, visitor, page, events };
    navigator.sendBeacon(`${settings.url}/v1/events`, JSON.stringify(batch));
  }
  const methods = {
    init(given) {
      settings = given;
      visitor = localStorage.visitor ||= crypto.randomUUID();
      send("page_view", "mid");
      addEventListener("pagehide", () => send("page_leave", "mid"));
    },
    track: (name, properties) => send(name, "high", properties),
  };
  window.ff = (method, ...given) => methods[method]?.(...given);
  for (const [, method, ...given] of queue) methods[method]?.(...given);
})(window.ff?.q || []);
