// The browser prints the report, and makes a PDF of it. The section may be exchanged, so the page listens.

document.addEventListener("click", event => {
  if (event.target.closest("[data-print]")) print();
});
