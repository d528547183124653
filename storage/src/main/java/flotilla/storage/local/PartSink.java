package flotilla.storage.local;

import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** An upload into a part, which takes the final name on commit. */
final class PartSink extends LocalSink {
    private final Uploads uploads;
    private final Path part;
    private final boolean exclusive;

    /** @param exclusive whether the final name must be free on commit */
    PartSink(
            Uploads uploads,
            VirtualPath file,
            Path part,
            FileChannel channel,
            long start,
            boolean exclusive,
            boolean durable) {
        super(file, channel, start, durable);
        this.uploads = uploads;
        this.part = part;
        this.exclusive = exclusive;
    }

    @Override
    Entry publish() throws IOException, StorageException {
        channel().close(); // first: some file systems only now tell that there was no space
        return uploads.publish(file(), part, exclusive);
    }

    @Override
    void undo(Remains remains) throws IOException, StorageException {
        uploads.drop(file(), part, remains);
    }

    @Override
    void released() {
        uploads.release(file(), part, exclusive);
    }
}
