/**
 * Several independent XDP programs on one interface, beside those of libxdp.
 *
 * @packageDocumentation
 */
export {}
