/**
 * tc: attach, order, adopt and query programs on TCX, clsact and netkit.
 *
 * @packageDocumentation
 */
export {}
