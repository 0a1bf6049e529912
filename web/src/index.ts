export type { Room } from '@querycast/protocol';
export {
  createLiveClient,
  type LiveClient,
  type LiveClientOptions,
  type LiveWarning,
  type TokenRequest,
} from './client/live-client.js';
export type { FrameEvent, LiveEvent, ResyncEvent, RowEvent } from './client/live-event.js';
export { type SocketIoTransportOptions, socketIoTransport } from './client/socket-io-transport.js';
export type { CaughtUp, LiveState, LiveStatus } from './client/status.js';
export type { Timers } from './client/timers.js';
export type {
  ConnectAuth,
  ConnectProblem,
  LiveTransport,
  TransportConnection,
  TransportHandlers,
} from './client/transport.js';
export { type BehindReport, type BindOptions, bindQueryClient } from './query/bind-query-client.js';
export { createLiveFetch, type LiveFetch, type LiveFetchInit } from './query/live-fetch.js';
export { LiveQueryProvider, type LiveQueryProviderProps } from './react/LiveQueryProvider.js';
export { LiveProviderMissingError } from './react/live-context.js';
export type { LiveInvalidationOptions } from './react/useLiveConnection.js';
export { useLiveInvalidation } from './react/useLiveInvalidation.js';
export { useLiveRoom } from './react/useLiveRoom.js';
export { useLiveStatus } from './react/useLiveStatus.js';
export type { UserId } from './react/useUserBoundary.js';
