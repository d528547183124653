package flotilla.ops.migrate;

/**
 * A setting that has no counterpart, and what to do instead.
 *
 * @param line its number, from 1
 * @param setting as it stands in the file
 */
public record Note(int line, String setting, String advice) {}
