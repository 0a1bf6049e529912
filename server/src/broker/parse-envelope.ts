import type { Envelope } from '@querycast/protocol';
import { envelopeSchema } from '@querycast/protocol/schemas';

/** The envelope in a message; `undefined` when it is none. Never throws, whatever came. */
export function parseEnvelope(message: string): Envelope | undefined {
  try {
    const { id, reason, spreadMs, ...rest } = envelopeSchema.parse(JSON.parse(message));
    return {
      ...rest,
      ...(id === undefined ? {} : { id }),
      ...(reason === undefined ? {} : { reason }),
      ...(spreadMs === undefined ? {} : { spreadMs }),
    };
  } catch {
    // Neither JSON nor an envelope: the caller counts and logs it, without its content.
    return undefined;
  }
}
