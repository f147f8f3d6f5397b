// A form with data-position tells where the phone is, when it does within 3 seconds; it is never required.

/** Where the phone is: {lat, lng, acc} or {} after at most 3 seconds. */
export function where() {
  if (!navigator.geolocation || !isSecureContext) return Promise.resolve({});
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve({}), 3000);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { clearTimeout(late); resolve({ lat: coords.latitude.toFixed(6), lng: coords.longitude.toFixed(6), acc: Math.round(coords.accuracy) }); },
      () => { clearTimeout(late); resolve({}); },
      { enableHighAccuracy: true, maximumAge: 60000, timeout: 3000 },
    );
  });
}

export function start(form) {
  let asked = false;
  window.addEventListener("submit", async (event) => {
    if (event.target !== form || asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.asking) return;
    form.dataset.asking = "1";
    const button = event.submitter;
    button?.setAttribute("aria-busy", "true");
    const place = await where();
    for (const [name, value] of Object.entries(place)) if (form.elements[name]) form.elements[name].value = value;
    asked = true;
    form.requestSubmit(button?.form === form ? button : undefined);
  }, true);
}
