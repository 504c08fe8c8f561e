// What a browser spends on calling listeners of movements and clicks that do nothing.
for (const type of ["pointermove", "click"]) addEventListener(type, () => {}, { capture: true, passive: true });
