package flotilla.storage.local;

import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Notes how long files were before appends in place that have not ended. A note is written before the first byte and
 * removed after the last one. Readers stop at that length. If the process that appended has died, the next append cuts
 * the file back to it: the last line is torn, and no client was told that it is stored.
 */
final class AppendJournal {
    private static final int MAX_BYTES = 128;
    private static final Pattern NOTE = Pattern.compile("(\\S{1,40}) ([0-9]{1,18}) [0-9a-f]{24}\n");
    /** Number of times that a reader looks again at a file that receives one append after the other. */
    private static final int LOOKS = 16;

    private final Parts parts;

    AppendJournal(Parts parts) {
        this.parts = parts;
    }

    /**
     * Notes that an append to {@code file} begins at {@code start}.
     *
     * @return the note, which differs from all others
     * @param durable whether the note must be on disk when this returns
     */
    String begin(Slot slot, PosixFileAttributes file, long start, boolean durable)
            throws IOException, StorageException {
        String note = Entries.inode(file) + " " + start + " " + Parts.randomName() + "\n";
        byte[] line = note.getBytes(StandardCharsets.UTF_8);
        try (Directory directory = parts.open();
                FileChannel channel = created(directory, slot.journal())) {
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            if (durable) {
                channel.force(true);
            }
        }
        return note;
    }

    private static FileChannel created(Directory directory, Path journal) throws IOException {
        try {
            return directory.create(journal, 0600);
        } catch (FileAlreadyExistsException settled) {
            directory.deleteFileIfPresent(journal);
            return directory.create(journal, 0600);
        }
    }

    /** Returns whether a note is still there. Another process settles an append if it takes this process for dead. */
    boolean stands(Slot slot, String note) throws IOException, StorageException {
        Optional<Directory> found = parts.find();
        if (found.isEmpty()) {
            return false;
        }
        try (Directory directory = found.get()) {
            return note.equals(text(directory, slot));
        }
    }

    /** Notes that the append has ended, with success or without. */
    void end(Slot slot) throws IOException, StorageException {
        Optional<Directory> found = parts.find();
        if (found.isPresent()) {
            try (Directory directory = found.get()) {
                directory.deleteFileIfPresent(slot.journal());
            }
        }
    }

    /** Cuts back an append that did not end. Only for callers that hold the file's slot and its lock. */
    void settle(Slot slot, Place place) throws IOException, StorageException {
        if (place.isFree() || !place.attributes().isRegularFile()) {
            return;
        }
        OptionalLong start = start(slot, place.attributes());
        if (start.isEmpty()) {
            return;
        }
        try (FileChannel channel = place.parent().openFile(place.name(), place.file(), StandardOpenOption.WRITE)) {
            if (channel.size() > start.getAsLong()) {
                channel.truncate(start.getAsLong());
                channel.force(true);
            }
        }
        end(slot);
    }

    /** Returns the entry of a file without the bytes of an append in progress. */
    Entry whole(Entry entry, Slot slot, PosixFileAttributes file) throws IOException, StorageException {
        if (!entry.isFile()) {
            return entry;
        }
        OptionalLong start = start(slot, file);
        return start.isPresent() && start.getAsLong() < entry.size() ? entry.sized(start.getAsLong()) : entry;
    }

    /**
     * Returns the size of an open file without the bytes of an append in progress.
     *
     * @throws StorageException {@code BUSY} when the file grows at each look
     */
    long wholeSize(VirtualPath path, Slot slot, PosixFileAttributes file, FileChannel channel)
            throws IOException, StorageException {
        for (int look = 0; look < LOOKS; look++) {
            long before = channel.size();
            OptionalLong start = start(slot, file);
            if (start.isPresent()) {
                return Math.min(before, start.getAsLong());
            }
            if (before == channel.size()) {
                return before;
            }
        }
        throw Failures.refusal(Reason.BUSY, path);
    }

    /**
     * Returns where the append in progress to {@code file} began. An incomplete note does not count, because no byte
     * follows it.
     */
    private OptionalLong start(Slot slot, PosixFileAttributes file) throws IOException, StorageException {
        Optional<Directory> found = parts.mayHave(slot.journal()) ? parts.find() : Optional.empty();
        if (found.isEmpty()) {
            return OptionalLong.empty();
        }
        try (Directory directory = found.get()) {
            return parsed(text(directory, slot), Entries.inode(file));
        }
    }

    /** Returns the note in a slot; the empty string without one. */
    private static String text(Directory directory, Slot slot) throws IOException, StorageException {
        Optional<PosixFileAttributes> found = directory.find(slot.journal());
        if (found.isEmpty()) {
            return "";
        }
        ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES);
        try (FileChannel channel = directory.openFile(slot.journal(), found.get(), StandardOpenOption.READ)) {
            channel.read(buffer, 0);
        } catch (NoSuchFileException settled) {
            return "";
        }
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    private static OptionalLong parsed(String note, String inode) {
        Matcher matcher = NOTE.matcher(note);
        return matcher.matches() && matcher.group(1).equals(inode)
                ? OptionalLong.of(Long.parseLong(matcher.group(2)))
                : OptionalLong.empty();
    }
}
