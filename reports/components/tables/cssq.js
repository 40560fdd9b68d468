export const CSSQ = {};
