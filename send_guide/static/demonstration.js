/* On the demonstration page a question that is tapped opens the chat and is asked there.
   Without the chat the form is posted, and answered as a plain page. */
"use strict";

document.querySelector("form.examples").addEventListener("submit", (event) => {
  const guide = document.querySelector("send-guide");
  if (!guide?.say) return;
  event.preventDefault();
  guide.open();
  guide.say({ text: event.submitter.value });
});
