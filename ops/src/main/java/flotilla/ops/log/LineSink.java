package flotilla.ops.log;

/** Takes the lines of a log without blocking, and writes them on a thread of its own. */
interface LineSink extends AutoCloseable {
    /** Takes a line. It is lost and counted when too many wait. */
    void write(String line);

    /** Opens a file again by its name before the next line. */
    void reopen();

    /** Returns the number of lines that are lost. */
    long lost();

    /** Returns true while lines cannot be written. */
    boolean isFailing();

    /** Writes the last lines, for a short time. */
    @Override
    void close();
}
