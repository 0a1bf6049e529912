export {
  type AnnounceOptions,
  createMemoryTransport,
  type MemoryTransport,
  type MemoryTransportOptions,
} from './memory-transport.js';
