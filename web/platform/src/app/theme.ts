import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#eaf5f5',
  '#d5e8e9',
  '#aed2d4',
  '#86bcc0',
  '#63a7ac',
  '#44929a',
  '#2a7b83',
  '#14666f',
  '#14555c',
  '#0f4349',
];

const ink: MantineColorsTuple = [
  '#e6eaea',
  '#c6cfd0',
  '#9fadb0',
  '#7d8c90',
  '#46525a',
  '#333d44',
  '#232b30',
  '#191f23',
  '#101417',
  '#0b0e10',
];

/** The one look of all pages: petrol for what can be done, ink for what is said, amber for what has just changed. */
export const theme = createTheme({
  colors: { petrol, dark: ink },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  black: '#1a2528',
  fontFamily: "'Onest Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  headings: { fontFamily: "'Onest Variable', system-ui, sans-serif", fontWeight: '640' },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '7px', md: '10px', lg: '16px', xl: '24px' },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { fw: 560 } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Skeleton: { defaultProps: { radius: 'sm' } },
  },
});

/** Lets Mantine's own components sit on the same surfaces as ours. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: surfaces,
  dark: { ...surfaces, ...darkLightVariant },
});

/** Each of ours knows both colour schemes itself. */
const surfaces = {
  '--mantine-color-body': 'var(--qc-canvas)',
  '--mantine-color-text': 'var(--qc-ink)',
  '--mantine-color-dimmed': 'var(--qc-ink-soft)',
  '--mantine-color-placeholder': 'var(--qc-ink-soft)',
  '--mantine-color-default': 'var(--qc-surface)',
  '--mantine-color-default-hover': 'var(--qc-tint)',
  '--mantine-color-default-color': 'var(--qc-ink)',
  '--mantine-color-default-border': 'var(--qc-line-strong)',
  // Mantine's own reds are too pale to be read in either scheme.
  '--mantine-color-error': 'var(--qc-stop)',
  '--mantine-color-red-filled': '#b3372f',
  '--mantine-color-red-filled-hover': '#982c25',
  '--mantine-color-red-light-color': 'var(--qc-stop)',
  '--mantine-color-disabled': 'var(--qc-disabled)',
  '--mantine-color-disabled-color': 'var(--qc-ink-soft)',
  '--mantine-color-disabled-border': 'var(--qc-line)',
};

/** Mantine's own is nearly black, as what cannot be pressed is: these are the monograms' colours. */
const darkLightVariant = {
  '--mantine-color-petrol-light': '#1d3d41',
  '--mantine-color-petrol-light-hover': '#26494e',
  '--mantine-color-petrol-light-color': '#c3e0e1',
};
