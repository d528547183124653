package flotilla.node.data;

import flotilla.cluster.PathRule;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferOrder.Protection;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import flotilla.node.tree.Mount;
import flotilla.node.tree.UserTree;
import flotilla.storage.Entry;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.List;

/** What the tests of data connections make often. */
final class DataFixture {
    private DataFixture() {}

    static UserTree tree(StorageBackend backend, PathRule... rules) {
        return new UserTree(backend, new Mount("home", List.of(rules), false));
    }

    static Entry stat(StorageBackend backend, String path) throws StorageException {
        return backend.stat(VirtualPath.of(path)).toCompletableFuture().join();
    }

    static void directory(StorageBackend backend, String path) throws StorageException {
        backend.makeDirectory(VirtualPath.of(path)).toCompletableFuture().join();
    }

    static TransferOrder order(Transfer transfer, long quotaBytes, long quotaFiles) {
        return new TransferOrder(
                1,
                "0-session",
                transfer,
                "home",
                List.of(),
                false,
                new Protection(false, "", SessionReuse.OFF, "", false),
                "alice",
                0,
                quotaBytes,
                quotaFiles);
    }
}
