import { DEFAULT_THEME } from '@mantine/core';
import { expect, test } from 'vitest';
import { cssVariables } from './theme.js';

/** The dark surface of cards and dialogs, as in global.css. */
const SURFACE = '#191f23';

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test('a light button in the dark can be read, and is not as dark as what cannot be pressed', () => {
  const dark = new Map(Object.entries(cssVariables(DEFAULT_THEME as never).dark));
  const color = dark.get('--mantine-color-petrol-light-color') ?? '';
  for (const name of ['--mantine-color-petrol-light', '--mantine-color-petrol-light-hover']) {
    const background = dark.get(name) ?? '';
    expect(contrast(color, background)).toBeGreaterThan(4.5);
    expect(contrast(background, SURFACE)).toBeGreaterThan(1.3);
  }
});
