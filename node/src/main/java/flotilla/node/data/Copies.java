package flotilla.node.data;

import flotilla.node.data.Throttles.Throttle;
import flotilla.node.event.Change;
import flotilla.node.event.NotRecordedException;
import flotilla.node.scan.Turn.Waiting;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.node.tree.UserTree;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.ByteSource;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Copies files within the storage, as an upload of their bytes would store them: with the permissions, the quota and
 * the rate of the user. A copy is one of the transfers of its node, {@code limits.max-transfers}.
 */
public final class Copies {
    /** Most bytes that are copied at once. */
    private static final int BUFFER = 256 * 1024;
    /** Number of steps in a second that a slow rate allows: an ABOR is noticed soon. */
    private static final int STEPS = 8;

    private static final int LEAST = 1024;

    private final DataPlane plane;

    /** Creates the copies on the threads of {@code plane}. */
    public Copies(DataPlane plane) {
        this.plane = plane;
    }

    /**
     * Copies a file. The stage has {@code COMPLETE} when the whole copy has its name, {@code ABORTED} when
     * {@code cancelled} came first, and {@code NO_CAPACITY} when the node runs as many transfers as it may. It fails
     * with {@link StorageException}. Unless it is complete, nothing is left of the copy.
     *
     * @param source the version to copy
     * @param target a {@link Transfer.Receive}, and the user. The caller has locked its name
     */
    public CompletionStage<Ending> copy(Transfer.Send source, TransferOrder target, BooleanSupplier cancelled) {
        CompletableFuture<Ending> done = new CompletableFuture<>();
        boolean started = plane.start(() -> {
            try {
                done.complete(copied(source, target, cancelled));
            } catch (StorageException e) {
                plane.backends().failed(target.place(), e);
                done.completeExceptionally(e);
            } catch (NotRecordedException e) {
                done.completeExceptionally(e);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(new StorageException(Reason.IO, "unexpected: " + e, e));
            }
        });
        return started ? done : CompletableFuture.completedFuture(Ending.NO_CAPACITY);
    }

    private Ending copied(Transfer.Send send, TransferOrder order, BooleanSupplier cancelled)
            throws StorageException, NotRecordedException {
        UserTree tree = UserTree.open(plane.backends(), order.mount());
        Transfer.Receive receive = (Transfer.Receive) order.transfer();
        Upload.requireMembership(plane);
        QuotaAccount.prepare(plane.homes(), order);
        try (Throttle throttle = new FreezeGate(
                        plane.throttles().open(order.user(), true, order.bytesPerSecond()),
                        FreezeGate.of(plane.freezes(), order, InetAddress.getLoopbackAddress()),
                        cancelled);
                ByteSource source = tree.read(VirtualPath.of(send.path()), 0)) {
            if (!send.isOf(source.entry())) {
                throw new StorageException(Reason.CHANGED, send.path() + " is not the file that was named");
            }
            try (ByteSink sink = tree.write(VirtualPath.of(receive.path()), WriteMode.COPY);
                    QuotaAccount quota = QuotaAccount.open(plane.homes(), order, tree, sink);
                    Upload upload = new Upload(
                            plane,
                            sink,
                            receive,
                            quota,
                            Remains.NOTHING,
                            new Inspection(plane, order, tree, waiting(cancelled)))) {
                upload.begin();
                if (!pour(
                        source,
                        send.size(),
                        upload,
                        new Pace(throttle, () -> plane.throttles().lowest(order.bytesPerSecond())),
                        cancelled)) {
                    return Ending.ABORTED;
                }
                if (!upload.commit()) {
                    return Ending.ABORTED;
                }
                record(order, send.path(), upload.size());
            }
        }
        plane.backends().stored(order.place());
        return Ending.COMPLETE;
    }

    private void record(TransferOrder order, String source, long size) throws NotRecordedException {
        if (plane.events().records(Change.Kind.COPY)) {
            Recording.of(plane, order, Change.Kind.COPY, Optional.of(source), size);
        }
    }

    private static Waiting waiting(BooleanSupplier cancelled) {
        return new Waiting() {
            @Override
            public void alive() {
                // A copy has no stall timer.
            }

            @Override
            public boolean isOver() {
                return cancelled.getAsBoolean();
            }
        };
    }

    private record Pace(Throttle throttle, LongSupplier rate) {
        int chunk() {
            long bytesPerSecond = rate.getAsLong();
            return bytesPerSecond <= 0 ? BUFFER : (int) Math.max(LEAST, Math.min(BUFFER, bytesPerSecond / STEPS));
        }
    }

    /** Moves all bytes. Returns false when the copy was cancelled before the last one. */
    private static boolean pour(ByteSource source, long size, Upload upload, Pace pace, BooleanSupplier cancelled)
            throws StorageException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long left = size;
        while (left > 0 && !cancelled.getAsBoolean()) {
            buffer.clear().limit((int) Math.min(pace.chunk(), left));
            int read = source.read(buffer);
            if (read < 0) {
                throw new StorageException(Reason.CHANGED, "the file became shorter while it was copied");
            }
            left -= read;
            pace.throttle().await(read, () -> {}, cancelled);
            if (cancelled.getAsBoolean()) {
                return false;
            }
            upload.write(buffer.flip());
        }
        return !cancelled.getAsBoolean();
    }
}
