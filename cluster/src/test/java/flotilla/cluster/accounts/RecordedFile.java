package flotilla.cluster.accounts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.List;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** A file system of H2 ({@code jdbc:h2:recorded:PATH}) that records all writes to database files in their order. */
public final class RecordedFile extends FilePathWrapper {
    /**
     * A write to a file.
     *
     * @param position offset in the file, in bytes
     * @param bytes the bytes that were written at {@code position}; null when the file was cut there
     */
    record Write(long position, byte @org.jspecify.annotations.Nullable [] bytes) {}

    private static final List<Object> RECORD = new ArrayList<>();

    static void register() {
        FilePath.register(new RecordedFile());
        synchronized (RECORD) {
            RECORD.clear();
        }
    }

    /** Adds a note to the record, between the writes. */
    static void note(Object event) {
        synchronized (RECORD) {
            RECORD.add(event);
        }
    }

    /** All writes and notes since {@link #register}. */
    static List<Object> all() {
        synchronized (RECORD) {
            return List.copyOf(RECORD);
        }
    }

    @Override
    public String getScheme() {
        return "recorded";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        FileChannel channel = getBase().open(mode);
        return toString().endsWith(".mv.db") ? new Recorder(channel) : channel;
    }

    private static final class Recorder extends FileBaseDefault {
        private final FileChannel channel;

        Recorder(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public synchronized int read(ByteBuffer into, long position) throws IOException {
            return channel.read(into, position);
        }

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            byte[] bytes = new byte[from.remaining()];
            from.duplicate().get(bytes);
            note(new Write(position, bytes));
            return channel.write(from, position);
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            note(new Write(size, null));
            channel.truncate(size);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            channel.force(metadata);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return channel.tryLock(position, size, shared);
        }
    }
}
