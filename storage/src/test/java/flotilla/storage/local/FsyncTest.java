package flotilla.storage.local;

/** The contract with commits that reach the disk. */
class FsyncTest extends LocalStorageTest {
    @Override
    LocalOptions options() {
        return LocalOptions.defaults().withAtomic(LocalOptions.Atomic.FSYNC);
    }
}
