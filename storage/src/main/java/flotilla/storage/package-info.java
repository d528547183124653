/** Storage: the interfaces of stores and backends, and the rules that all of them share. */
@org.jspecify.annotations.NullMarked
package flotilla.storage;
