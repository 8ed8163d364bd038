/** Where a type is met. */
export interface Place {
  /** for people, in terms of the C: `field source of struct flow` */
  readonly subject: string
  /** in C style, for a type that has no name of its own: `flow_source` */
  readonly name: string
  /** what else can be done than declaring another type, a sentence */
  readonly alternative?: string
}
