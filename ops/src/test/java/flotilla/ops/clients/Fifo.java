package flotilla.ops.clients;

import java.nio.file.Path;

/** Creates named pipes, because Java cannot. */
public final class Fifo {
    private Fifo() {}

    public static void make(Path path) throws Exception {
        Program.of(path.getParent(), "mkfifo", path.toString()).run().ok();
    }
}
