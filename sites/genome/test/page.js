// What tests do to the page, as people do it: with mouse and keyboard.

import { mkdtempSync, rmSync, writeFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Browser, findChromium } from "../../etl/test/browser.js";

export const chromium = findChromium();
export const noBrowser = chromium === undefined && "no Chromium: name one in CHROMIUM";

const KEYS = { Tab: 9, Enter: 13, Escape: 27, " ": 32, End: 35, Home: 36, ArrowUp: 38, ArrowDown: 40 };

export class Page {
  static async open(url) {
    const page = new Page();
    page.url = url;
    page.folder = mkdtempSync(join(tmpdir(), "genome-page-"));
    page.browser = await Browser.open(chromium);
    await page.browser.size(1_200, 900);
    await page.browser.call("Emulation.setTimezoneOverride", { timezoneId: "UTC" });
    await page.browser.call("Page.setDownloadBehavior", { behavior: "allow", downloadPath: page.folder });
    return page;
  }

  async close() {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  // Loads the page anew, at a place of its own.
  async visit(hash = "") {
    // A change of the place alone would load nothing.
    await this.browser.goTo("about:blank");
    await this.browser.waitFor(`location.href === "about:blank"`);
    await this.browser.goTo(`${this.url}${hash}`);
    await this.browser.waitFor(`document.readyState === "complete" && document.querySelector("main > section:not([hidden])")`);
    // What comes later moves what a test is about to click.
    await this.browser.waitFor(`!document.getElementById("ready-title").checkVisibility() || !document.getElementById("ready-title").textContent.startsWith("Looking")`);
  }

  evaluate(expression) {
    return this.browser.evaluate(expression);
  }

  waitFor(expression, seconds) {
    return this.browser.waitFor(expression, seconds);
  }

  waitForText(selector, part, seconds) {
    return this.waitFor(`document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(part)})`, seconds);
  }

  waitUntilShown(id, seconds) {
    return this.waitFor(`document.getElementById("${id}").checkVisibility()`, seconds);
  }

  isShown(id) {
    return this.evaluate(`document.getElementById("${id}").checkVisibility()`);
  }

  texts(selector) {
    return this.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((found) => found.textContent)`);
  }

  async text(selector) {
    return (await this.texts(selector))[0];
  }

  // Moves the mouse to where the element is.
  async hover(selector) {
    const place = await this.evaluate(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: "center" });
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    })()`);
    await this.browser.call("Input.dispatchMouseEvent", { type: "mouseMoved", ...place });
    return place;
  }

  // Clicks where the element is: something in front of it would get the click.
  async click(selector) {
    const { x, y } = await this.hover(selector);
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.browser.call("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
    }
  }

  async type(selector, text) {
    await this.evaluate(`(() => { const field = document.querySelector(${JSON.stringify(selector)}); field.focus(); field.select?.(); })()`);
    await this.browser.call("Input.insertText", { text });
  }

  // Empties a field as people do.
  async empty(selector) {
    await this.evaluate(`(() => { const field = document.querySelector(${JSON.stringify(selector)}); field.focus(); field.select(); document.execCommand("delete"); })()`);
  }

  async choose(selector, value) {
    await this.evaluate(`(() => {
      const field = document.querySelector(${JSON.stringify(selector)});
      field.value = ${JSON.stringify(value)};
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    })()`);
  }

  press(key) {
    return this.browser.press(key, KEYS[key]);
  }

  // Puts a file with this content into a field.
  async chooseFile(selector, name, content) {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    await this.giveFile(selector, path);
  }

  // Puts the file of this path into a field.
  async giveFile(selector, path) {
    const { root } = await this.browser.call("DOM.getDocument");
    const { nodeId } = await this.browser.call("DOM.querySelector", { nodeId: root.nodeId, selector });
    await this.browser.call("DOM.setFileInputFiles", { nodeId, files: [path] });
  }

  // The content of a file that the browser loaded down.
  async download(name, seconds = 20) {
    const end = Date.now() + seconds * 1_000;
    while (!existsSync(join(this.folder, name))) {
      if (Date.now() > end) {
        throw new Error(`${name} was not loaded down; there are ${readdirSync(this.folder)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return readFileSync(join(this.folder, name), "utf8");
  }

  focused() {
    return this.evaluate(`document.activeElement.id || document.activeElement.name || document.activeElement.textContent`);
  }

  // Writes a picture of the whole page, when `SCREENSHOTS` names a folder.
  async picture(name) {
    if (process.env.SCREENSHOTS) {
      writeFileSync(join(process.env.SCREENSHOTS, `${name}.png`), await this.browser.screenshot());
    }
  }

  // Texts whose color is too close to that behind them: less than 4.5 to 1.
  faintTexts() {
    return this.evaluate(`(() => {
      const parts = (color) => color.match(/[\\d.]+/g).map(Number);
      const light = ([r, g, b]) => {
        const linear = [r, g, b].map((value) => value / 255).map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
      };
      const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
          const color = parts(getComputedStyle(at).backgroundColor);
          if (color.length === 3 || color[3] === 1) return color;
        }
        return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
      };
      const isText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
      return [...document.body.querySelectorAll("*")]
        .filter((element) => isText(element) && element.checkVisibility() && !element.closest("option, :disabled, .hidden-text, .skip"))
        .map((element) => {
          const [text, back] = [light(parts(getComputedStyle(element).color)), light(behind(element))];
          return [(Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05), element.textContent.trim().slice(0, 40)];
        })
        .filter(([ratio]) => ratio < 4.5);
    })()`);
  }

  // Roles of what can be reached by keyboard and has no name for those who listen.
  async nameless() {
    const { nodes } = await this.browser.call("Accessibility.getFullAXTree");
    const isFocusable = ({ properties = [] }) => properties.some(({ name, value }) => name === "focusable" && value.value);
    return nodes
      .filter((node) => !node.ignored && isFocusable(node) && !node.name?.value && !["RootWebArea", "main"].includes(node.role.value))
      .map(({ role }) => role.value);
  }

  async scrollsSideways() {
    return this.evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth`);
  }
}
