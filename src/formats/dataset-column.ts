/**
 * A column of a table and its type, in the words of Apache Arrow where it has one (`int64`, `list<string>`), so that
 * one table has one schema whatever the format of its file.
 */
export type DatasetColumn = readonly [name: string, type: string];
