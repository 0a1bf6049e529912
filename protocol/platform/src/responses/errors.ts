/** Body of every error the API answers. */
export interface ApiError {
  error: { code: string; message: string; fields?: Record<string, string> };
}
