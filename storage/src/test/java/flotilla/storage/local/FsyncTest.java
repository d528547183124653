package flotilla.storage.local;

/** The contract when commits reach the disk. */
class FsyncTest extends LocalStorageTest {
    @Override
    LocalOptions options() {
        return LocalOptions.defaults().withAtomic(LocalOptions.Atomic.FSYNC);
    }
}
