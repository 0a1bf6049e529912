import { focusManager, onlineManager } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openPage, settle } from './live-page.test.support.js';

let page: ReturnType<typeof openPage>;
let samples: number[];

beforeEach(async () => {
  vi.useFakeTimers();
  page = openPage();
  samples = [];
  const { noteFreshness } = page.client;
  vi.spyOn(page.client, 'noteFreshness').mockImplementation((afterMs) => {
    samples.push(afterMs);
    noteFreshness(afterMs);
  });
  await page.accept('e:1', 'fresh');
});

afterEach(() => {
  page.leave();
  focusManager.setFocused(undefined);
  onlineManager.setOnline(true);
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it('is the time from the receipt of a frame until the data that covers it is there', async () => {
  await page.mountLoaded(['a'], 'old', 'e:1');
  expect(samples).toEqual([]);
  await page.frame('e:1', 'e:2', ['a']);
  await pass(120);
  await page.request().answer('new', 'e:2');
  expect(samples).toEqual([120]);
  expect(page.client.status().lastFreshnessMs).toBe(120);
});

it('is that of the oldest frame that the data covers, waiting and failures included', async () => {
  await page.mountLoaded(['a'], 'old', 'e:1');
  await page.frame('e:1', 'e:2', ['a']);
  await page.request().answer('new', 'e:2');
  await pass(100);
  await page.frame('e:2', 'e:3', ['a']);
  await pass(50);
  await page.frame('e:3', 'e:4', ['a']);
  await pass(100);
  await page.request().fail();
  await pass(375);
  await page.frame('e:4', 'e:5', ['a']);
  await pass(25);
  await page.request().answer('newer', 'e:5');
  expect(samples).toEqual([0, 550]);
});

it('is not told by an answer that does not cover every frame', async () => {
  await page.mountLoaded(['a'], 'old', 'e:1');
  await page.frame('e:1', 'e:2', ['a']);
  await page.frame('e:2', 'e:3', ['a']);
  await page.request().answer('between', 'e:2');
  expect(samples).toEqual([]);
});

it('is not told of what no frame caused', async () => {
  await page.mountLoaded(['a'], 'old', 'e:1');
  void page.queryClient.refetchQueries({ queryKey: ['a'] });
  await settle();
  await page.request().answer('old', 'e:1');
  await page.frame('e:1', 'e:2', ['b']);
  expect(samples).toEqual([]);
});

it('is not told of the time in which a query was not in use', async () => {
  const unmount = await page.mountLoaded(['a'], 'old', 'e:1');
  unmount();
  await page.frame('e:1', 'e:2', ['a']);
  await pass(3_600_000);
  page.mount(['a']);
  await page.request().answer('new', 'e:2');
  expect(samples).toEqual([]);
});

it('is not told of the time in which the page was hidden', async () => {
  await page.mountLoaded(['a'], 'old', 'e:1');
  focusManager.setFocused(false);
  await page.frame('e:1', 'e:2', ['a']);
  await pass(3_600_000);
  focusManager.setFocused(true);
  await settle();
  await page.request().answer('new', 'e:2');
  expect(samples).toEqual([]);
});

it('is not told of the time in which the network was away', async () => {
  await page.mountLoaded(['a'], 'old', 'e:1');
  onlineManager.setOnline(false);
  await page.frame('e:1', 'e:2', ['a']);
  await pass(3_600_000);
  onlineManager.setOnline(true);
  await settle();
  await page.request().answer('new', 'e:2');
  expect(samples).toEqual([]);
});
