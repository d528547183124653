package flotilla.node.data;

import flotilla.node.event.Change;
import flotilla.node.event.NotRecordedException;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Records stored files for those who are told of each one. */
final class Recording {
    /** Longer than the sink needs, which has its own bound. */
    private static final long LONGEST_SECONDS = 120;

    private Recording() {}

    /**
     * Records a file that is stored. Blocks until the record is on disk.
     *
     * @param order an order with a {@link Transfer.Receive}
     * @param source virtual path of the file of which it is a copy
     * @param size bytes of the whole file
     */
    static void of(DataPlane plane, TransferOrder order, Change.Kind kind, Optional<String> source, long size)
            throws NotRecordedException {
        Transfer.Receive receive = (Transfer.Receive) order.transfer();
        Change change = new Change(
                kind,
                order.user(),
                order.sessionId(),
                order.client().map(InetAddress::getHostAddress).orElse(""),
                receive.path(),
                source,
                List.of(receive.lockName()),
                OptionalLong.of(size));
        try {
            plane.events().record(change).toCompletableFuture().get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NotRecordedException known
                    ? known
                    : new NotRecordedException("the change was not recorded: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new NotRecordedException("the change was not recorded in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotRecordedException("this node ends", e);
        }
    }
}
