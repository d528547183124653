package flotilla.storage.sealed;

import flotilla.storage.AttributeChange;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.Capability;
import flotilla.storage.ConditionReport;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.NewModes;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadCheck;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A tree whose files are sealed in another tree. Names, times and modes are those of the other one. Sizes are those of
 * the content.
 *
 * <p>It can neither append nor resume. Both would go on with the segments of a file, which needs the key of that file
 * and its nonces again, and Tink rightly offers neither: two different last segments would have the same nonce.
 */
final class SealedStorage implements StorageBackend {
    private final StorageBackend sealed;
    private final KeyRing ring;
    private final Damage damage;
    private final SealedFormat format;

    SealedStorage(StorageBackend sealed, KeyRing ring, Damage damage) {
        this.sealed = sealed;
        this.ring = ring;
        this.damage = damage;
        this.format = ring.keys().format();
    }

    private Entry clear(Entry entry) {
        return entry.isFile() ? entry.sized(format.clear(entry.size())) : entry;
    }

    @Override
    public StorageBackend creating(NewModes modes) {
        return new SealedStorage(sealed.creating(modes), ring, damage);
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        capabilities.addAll(sealed.capabilities());
        capabilities.removeAll(Set.of(Capability.APPEND, Capability.RESUME));
        return capabilities;
    }

    @Override
    public Entry stat(VirtualPath path) throws StorageException {
        return clear(sealed.stat(path));
    }

    @Override
    public Listing list(VirtualPath directory, Listing.Order order) throws StorageException {
        return new SealedListing(sealed.list(directory, order), this::clear);
    }

    @Override
    public ByteSource read(VirtualPath file, long offset) throws StorageException {
        return new Opening(file, ring.keys(), damage).at(sealed, offset);
    }

    @Override
    public ByteSink write(VirtualPath file, WriteMode mode) throws StorageException {
        ByteSink sink = sealed.write(file, anew(mode));
        try {
            return new SealedSink(file, sink, ring.keys(), damage);
        } catch (StorageException | RuntimeException e) {
            sink.abort(ByteSink.Remains.NOTHING);
            throw e;
        }
    }

    /** Returns the mode of the other store: nobody resumes a sealed upload, as nobody resumes a copy. */
    private static WriteMode anew(WriteMode mode) throws StorageException {
        if (mode.kind() == Kind.APPEND || mode.kind() == Kind.RESUME && mode.offset() != 0) {
            throw new StorageException(Reason.UNSUPPORTED, "a sealed store can neither append nor resume");
        }
        return mode.kind() == Kind.CREATE_NEW ? WriteMode.COPY.createNew() : WriteMode.COPY;
    }

    @Override
    public UploadCheck checkWrite(VirtualPath file, WriteMode mode) throws StorageException {
        UploadCheck check = sealed.checkWrite(file, anew(mode));
        return new UploadCheck(
                check.lockName(), check.start(), check.existing().map(this::clear), OptionalLong.empty());
    }

    @Override
    public String lockName(VirtualPath path) throws StorageException {
        return sealed.lockName(path);
    }

    @Override
    public Entry makeDirectory(VirtualPath directory) throws StorageException {
        return sealed.makeDirectory(directory);
    }

    @Override
    public Optional<Long> delete(VirtualPath file) throws StorageException {
        return sealed.delete(file).map(format::clear);
    }

    @Override
    public void removeDirectory(VirtualPath directory) throws StorageException {
        sealed.removeDirectory(directory);
    }

    @Override
    public Optional<Long> rename(VirtualPath from, String identity, VirtualPath to, boolean replace)
            throws StorageException {
        return sealed.rename(from, identity, to, replace).map(format::clear);
    }

    @Override
    public Entry change(VirtualPath path, AttributeChange change) throws StorageException {
        return clear(sealed.change(path, change));
    }

    @Override
    public long freeBytes(VirtualPath directory) throws StorageException {
        return format.clear(sealed.freeBytes(directory));
    }

    @Override
    public Optional<ConditionReport> tryConditions() throws StorageException {
        return sealed.tryConditions();
    }

    @Override
    public int sweepParts(Duration age) throws StorageException {
        return sealed.sweepParts(age);
    }

    @Override
    public void close() {
        sealed.close();
    }
}
