// The form that takes genomes.

import * as api from "/api.js";
import { fileFault, nameFault, tokenFault } from "/check.js";
import { byId, setText, showFaults, showText } from "/dom.js";
import { percent, size } from "/format.js";
import { useGenome } from "/submit.js";

const form = byId("upload");
const fields = form.elements;
let running = null;

// Says how far the upload is: all the time for the eye, and four times for the ear.
function showProgress(loaded, total) {
  const share = percent(loaded, total);
  byId("upload-bar").value = share;
  setText("upload-text", `${size(loaded)} of ${size(total)} (${share} %)`);
  setText("upload-status", share < 25 ? "Uploading…" : `Uploading, more than ${Math.min(75, share - (share % 25))} % done.`);
}

function setRunning(controller) {
  running = controller;
  const isRunning = controller !== null;
  form.querySelector("[type=submit]").disabled = isRunning;
  for (const field of [fields.name, fields.file, fields.token]) {
    field.disabled = isRunning;
  }
  byId("upload-cancel").hidden = !isRunning;
  byId("upload-progress").hidden = !isRunning;
}

function showRefusal(error) {
  const { status, field, message } = error;
  if (status === 401) {
    showFaults([[fields.token, "The service does not know this token."]]);
  } else if (["name", "file", "size"].includes(field)) {
    showFaults([[fields[field === "name" ? "name" : "file"], message]]);
  } else if (status === 409) {
    showFaults([[fields.name, message]]);
  } else {
    showText("upload-error", `The genome was not uploaded. ${message}`);
  }
}

async function upload(event) {
  event.preventDefault();
  showText("upload-error", "");
  byId("upload-done").hidden = true;
  const [name, file, token] = [fields.name.value.trim(), fields.file.files[0], fields.token.value.trim()];
  const faults = [
    [fields.name, nameFault(name)],
    [fields.file, fileFault(file)],
    [fields.token, tokenFault(token)],
  ];
  if (!showFaults(faults)) {
    return;
  }
  const controller = new AbortController();
  setRunning(controller);
  showProgress(0, file.size);
  try {
    const { url } = await api.uploadAddress({ name, file: file.name, size: file.size }, token, controller.signal);
    await api.send(url, file, (loaded) => showProgress(loaded, file.size), controller.signal);
    setRunning(null);
    fields.file.value = "";
    setText("upload-status", "");
    setText("upload-done-text", `${file.name} is there. The genome can be used as ${name}. Its index is built with the first job; until then, more files can be added under the same name.`);
    byId("upload-use").onclick = () => {
      useGenome(name);
      location.hash = "submit";
    };
    byId("upload-done").hidden = false;
    byId("upload-use").focus();
  } catch (error) {
    setRunning(null);
    setText("upload-status", controller.signal.aborted ? "Cancelled." : "");
    if (!controller.signal.aborted) {
      showRefusal(error);
    }
  }
}

export function setUploads(areTaken) {
  for (const [id, isShown] of [["upload-link", areTaken], ["upload-on", areTaken], ["upload-off", !areTaken], ["custom-help", areTaken]]) {
    byId(id).hidden = !isShown;
  }
}

form.addEventListener("submit", upload);
byId("upload-cancel").addEventListener("click", () => running?.abort());
window.addEventListener("beforeunload", (event) => running && event.preventDefault());
