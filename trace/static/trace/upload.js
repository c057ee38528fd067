// A long file is worked on a few seconds at a time. Without this the button under the progress bar is pressed by hand.
const form = document.querySelector("form[data-continue]");
if (form) setTimeout(() => form.requestSubmit(), 400);
