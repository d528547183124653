package flotilla.ops.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import flotilla.node.tree.Mount;
import flotilla.node.tree.Stores;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.ReservedNames;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Writes, reads, renames and removes a small file of its own at the root of every store. */
final class StoreCheck implements Check {
    private static final long LITTLE = 1L << 30;
    private static final String READ_ONLY_KEY = "storage.read-only";

    @Override
    public List<Outcome> look(Patient patient) {
        List<Outcome> found = new ArrayList<>();
        for (StoreSettings store : patient.configuration().node().storage().stores()) {
            found.add(store(patient, store));
        }
        return found;
    }

    private static Outcome store(Patient patient, StoreSettings settings) {
        Path root = patient.configuration().node().storage().root();
        boolean isDefault = settings.name().isEmpty();
        String who = isDefault ? "The default store, " + root : "The store " + settings.name();
        if (isDefault && !Files.isDirectory(root)) {
            return Outcome.ok(who + ", is not there yet: the first start makes it.");
        }
        Optional<Path> local =
                isDefault ? Optional.of(root) : settings.find("root").map(Path::of);
        boolean hadParts = local.isEmpty() || Files.exists(local.get().resolve(ReservedNames.PARTS));
        try (Stores stores =
                Stores.open(List.of(settings), settings.name(), StoreResources.of(1 << 20, 32 << 20), Runnable::run)) {
            StorageBackend backend =
                    stores.open(new Mount(isDefault ? root.toString() : settings.name() + ":/", List.of(), false));
            return tried(who, backend, patient.configuration().node().session().readOnly());
        } catch (StorageException | IllegalStateException e) {
            return Outcome.fail(
                    who + ", does not work: " + e.getMessage() + ".",
                    "Look at the mount, and at the rights of " + System.getProperty("user.name") + " there.");
        } finally {
            if (!hadParts) {
                local.ifPresent(StoreCheck::tidy);
            }
        }
    }

    /** Removes the directory of parts that the upload has made, if nothing else is in it. */
    private static void tidy(Path root) {
        try {
            Files.deleteIfExists(root.resolve(ReservedNames.PARTS));
        } catch (IOException inUse) {
            // an upload of the server is there by now
        }
    }

    private static Outcome tried(String who, StorageBackend backend, boolean isReadOnly) throws StorageException {
        if (isReadOnly) {
            backend.stat(VirtualPath.ROOT);
            return Outcome.ok(who + ", can be read. Nothing was written: " + READ_ONLY_KEY + ".");
        }
        byte[] unique = new byte[8];
        new SecureRandom().nextBytes(unique);
        String name = "flotilla-doctor-" + HexFormat.of().formatHex(unique);
        VirtualPath first = VirtualPath.of("/" + name + ".tmp");
        VirtualPath second = VirtualPath.of("/" + name + ".renamed");
        VirtualPath now = first;
        try {
            write(backend, first, name);
            if (!read(backend, first, name.length()).equals(name)) {
                return Outcome.fail(who + ", gives other bytes than were written.", "Check the file system.");
            }
            backend.rename(first, backend.stat(first).identity(), second, false);
            now = second;
        } finally {
            remove(backend, now);
        }
        long free = free(backend);
        String text = who + ": written, read, renamed, removed. "
                + (free < 0 ? "Its free space is not known." : (free >> 20) + " MiB are free.");
        return free >= 0 && free < LITTLE
                ? Outcome.warn(text, "Make room: uploads are refused with 452 when it is full.")
                : Outcome.ok(text);
    }

    private static void write(StorageBackend backend, VirtualPath file, String text) throws StorageException {
        try (ByteSink sink = backend.write(file, WriteMode.CREATE_NEW)) {
            sink.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
            sink.commit();
        }
    }

    private static String read(StorageBackend backend, VirtualPath file, int most) throws StorageException {
        ByteBuffer buffer = ByteBuffer.allocate(most + 1);
        try (ByteSource source = backend.read(file, 0)) {
            while (buffer.hasRemaining() && source.read(buffer) >= 0) {
                // until the end of the file
            }
        }
        return new String(buffer.array(), 0, buffer.position(), US_ASCII);
    }

    private static void remove(StorageBackend backend, VirtualPath file) throws StorageException {
        try {
            backend.delete(file);
        } catch (StorageException e) {
            if (e.reason() != StorageException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static long free(StorageBackend backend) {
        try {
            return backend.freeBytes(VirtualPath.ROOT);
        } catch (StorageException unknown) {
            return -1;
        }
    }
}
