// report_test.mjs CHROMIUM REPORTS: opens the reports as files, offline, and uses them as a reader
// does. Prints what failed and exits 1, or prints how many checks passed.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, reports] = process.argv.slice(2);
const urlOf = (name) => pathToFileURL(`${reports}/${name}`).href;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

// Opens a report and hands it to `use`; it must not say anything on the console, ask for anything
// but itself, or open a dialog.
async function withReport(name, options, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.setOffline(true);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => (complaints.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on("request", (request) => {
    if (request.url() !== urlOf(name) && !request.url().startsWith("data:")) {
      complaints.push(`request: ${request.url()}`);
    }
  });
  const started = performance.now();
  await page.goto(urlOf(name));
  const seconds = (performance.now() - started) / 1000;
  await use(page, seconds);
  assert.deepEqual(complaints, [], name);
  await context.close();
}

const shot = (page, name) => page.screenshot({ path: `${name}.png` });
// Parts of the page, each scrolled to: what was never in sight is not drawn.
async function shots(page, prefix) {
  for (const part of ["metrics", "tradeoff", "slices", "distributions", "questions article"]) {
    const element = page.locator(`#${part}`).first();
    await element.scrollIntoViewIfNeeded();
    await element.screenshot({ path: `${prefix}-${part.replace(" ", "-")}.png` });
  }
}
const shown = (page) => page.locator(".question:visible").count();
const firstId = (page) => page.locator(".question:visible .id").first().textContent();
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const tests = {
  "the Korean report shows verdict, tables and charts": () =>
    withReport("ko.html", {}, async (page) => {
      assert.equal(await page.locator("html").getAttribute("lang"), "ko");
      assert.match(await page.locator("#verdict").textContent(), /한국어 질문 12개에서/);
      assert.ok((await page.locator("#metrics tbody tr").count()) > 6);
      assert.equal(await page.locator("#tradeoff svg.chart").count(), 2);
      assert.ok((await page.locator("#distributions svg.chart").count()) > 6);
      await shot(page, "korean-top");
      await shots(page, "korean");
    }),

  "a real run on our own questions is read as a person reads it": () =>
    withReport("own.html", {}, async (page) => {
      assert.equal(await shown(page), 150);
      assert.match(await page.locator("#verdict").textContent(), /Korean questions.+English questions/s);
      await shot(page, "own-top");
      await page.locator("#language").selectOption("en");
      assert.equal(await shown(page), 55);
      await page.locator("#contestant").selectOption("1");
      await page.locator("#outcome").selectOption("won");
      const won = await shown(page);
      assert.ok(won > 0 && won < 55, `${won} won`);
      const question = page.locator(".question:visible").first();
      await question.scrollIntoViewIfNeeded();
      await shot(page, "own-filtered");
      await question.locator(".text .cite").first().click();
      assert.match(await page.locator("#panel h3").textContent(), /Daon Phone X1/);
      await shot(page, "own-passage");
    }),

  "filters change which questions are shown": () =>
    withReport("en.html", {}, async (page) => {
      assert.equal(await shown(page), 24);
      await page.locator("#language").selectOption("ko");
      assert.equal(await shown(page), 12);
      assert.equal(await page.locator("#shown").textContent(), "12 of 24 questions");
      await page.locator("#type").selectOption("table");
      assert.equal(await shown(page), 3);
      await page.getByRole("button", { name: "Reset" }).click();
      await page.waitForFunction(() => document.querySelectorAll(".question:not([hidden])").length === 24);

      await page.locator("#outcome").selectOption("failed");
      assert.equal(await shown(page), 1);
      assert.match(await page.locator(".question:visible .error").textContent(), /out of memory/);
      await page.locator("#outcome").selectOption("refused");
      assert.equal(await firstId(page), "phone-010");

      const by = {};
      await page.locator("#contestant").selectOption("2");
      for (const outcome of ["won", "lost", "tied"]) {
        await page.locator("#outcome").selectOption(outcome);
        by[outcome] = await shown(page);
      }
      assert.equal(by.won + by.lost + by.tied, 24);
      assert.ok(by.won > 0 && by.lost > 0 && by.won < 24, JSON.stringify(by));
      await page.locator("#questions").scrollIntoViewIfNeeded();
      await page.locator("#outcome").selectOption("won");
      await page.locator("#filters").scrollIntoViewIfNeeded();
      await shot(page, "english-filtered");

      await page.getByRole("button", { name: "Reset" }).click();
      await page.getByLabel("Search").fill("NOTIFICATIONS  dark screen");
      assert.equal(await shown(page), 3);
    }),

  "questions are sorted by what is asked for": () =>
    withReport("en.html", {}, async (page) => {
      const worst = await firstId(page);
      await page.locator("#order").selectOption("set");
      assert.equal(await firstId(page), "phone-001");
      await page.locator("#order").selectOption("worst");
      assert.equal(await firstId(page), worst);
      assert.match(await page.locator(".question .gap").first().textContent(), /100\.0 apart|66\.7 apart/);
    }),

  "a citation opens its passage with the cited part marked": () =>
    withReport("ko.html", {}, async (page) => {
      await page.locator("#language").selectOption("ko");
      const question = page.locator(".question:visible").first();
      await question.scrollIntoViewIfNeeded();
      await question.locator(".text .cite").first().click();
      const panel = page.locator("#panel");
      assert.ok(await panel.isVisible());
      assert.match(await panel.locator("h3").textContent(), /다온폰 X1 사용 설명서 › .+, \d+쪽/);
      assert.ok((await panel.locator("mark").textContent()).length > 3);
      await shot(page, "korean-passage");
      await page.keyboard.press("Escape");
      assert.ok(await panel.isHidden());
    }),

  "dark mode is dark": () =>
    withReport("ko.html", { colorScheme: "dark" }, async (page) => {
      const channels = (await background(page)).match(/\d+/g).map(Number);
      assert.ok(Math.max(...channels) < 64, await background(page));
      await shot(page, "korean-dark-top");
      await shots(page, "korean-dark");
    }),

  "a narrow screen does not scroll sideways": () =>
    withReport("ko.html", { viewport: { width: 390, height: 844 } }, async (page) => {
      const [page_width, window_width] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        innerWidth,
      ]);
      assert.ok(page_width <= window_width, `${page_width} > ${window_width}`);
      await shot(page, "korean-narrow-top");
      await shots(page, "korean-narrow");
    }),

  "paper has no filters and everything opened": () =>
    withReport("en.html", { colorScheme: "dark" }, async (page) => {
      await page.emulateMedia({ media: "print" });
      assert.equal(await background(page), "rgb(255, 255, 255)");
      assert.ok(await page.locator("#filters").isHidden());
      assert.ok(await page.locator("nav").isHidden());
      assert.ok(await page.locator("#p0 .text").isVisible());
      await page.pdf({ path: "english.pdf", format: "A4" });
    }),

  "without scripts all questions and passages are there": () =>
    withReport("en.html", { javaScriptEnabled: false }, async (page) => {
      assert.equal(await page.locator(".question").count(), 24);
      assert.ok(await page.locator("#filters").isHidden());
      const link = page.locator(".question .text .cite").first();
      assert.equal(await page.locator(await link.getAttribute("href")).count(), 1);
    }),

  "hostile texts stay texts": () =>
    withReport("hostile.html", {}, async (page) => {
      assert.equal(await page.locator("img").count(), 0);
      assert.equal(await page.locator("[onerror], [onclick]").count(), 0);
      assert.equal(await page.locator("script").count(), 2);
      assert.match(await page.locator(".question h3").first().textContent(), /<img src=x onerror/);
      assert.ok(!(await page.content()).includes("\u202e"));
      await page.locator("#language").selectOption("ko");
      assert.equal(await shown(page), 12);
      await page.locator(".question:visible .text .cite").first().click();
      assert.match(await page.locator("#panel h3").textContent(), /<script>alert/);
    }),

  "300 questions of three models open fast": () =>
    withReport("large.html", {}, async (page, seconds) => {
      assert.equal(await shown(page), 300);
      assert.ok(seconds < 10, `${seconds} s`);
      console.log(`300 questions opened in ${seconds.toFixed(2)} s`);
    }),

  "every field has a label and every chart a title": () =>
    withReport("en.html", {}, async (page) => {
      const unlabelled = await page.evaluate(
        () => [...document.querySelectorAll("input, select")].filter((field) => !field.labels.length).length,
      );
      assert.equal(unlabelled, 0);
      const untitled = await page.evaluate(
        () => [...document.querySelectorAll("svg.chart")].filter((svg) => !svg.querySelector("title + desc")).length,
      );
      assert.equal(untitled, 0);
    }),
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
  } catch (error) {
    ++failed;
    console.log(`FAILED: ${name}\n${error.message}`);
  }
}
await browser.close();
console.log(`${Object.keys(tests).length - failed} of ${Object.keys(tests).length} checks passed`);
process.exit(failed === 0 ? 0 : 1);
