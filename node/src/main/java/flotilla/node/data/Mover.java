package flotilla.node.data;

import flotilla.node.data.Throttles.Throttle;
import flotilla.node.event.Change;
import flotilla.node.event.NotRecordedException;
import flotilla.node.protocol.AsciiConverter;
import flotilla.node.protocol.Encoding;
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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Moves the bytes of one transfer between storage and socket, on the transfer's thread. */
final class Mover {
    private final DataPlane plane;
    private final TransferOrder order;
    private final UserTree tree;
    /** Slows the bytes of the connection down. */
    private final Throttle wire;
    /** The same for bytes that the connection moves as they are; MODE Z slows its compressed bytes down itself. */
    private final Throttle throttle;

    private final Progress progress;
    private long moved;

    /** Gets the progress of the transfer. */
    interface Progress {
        /** Takes the number of bytes that the data connection has moved so far. */
        void moved(long total);

        /**
         * Says that the storage may now copy this many bytes before the next byte moves: the file that an upload
         * continues.
         */
        void copying(long bytes);

        /** Returns true when the transfer was aborted or its client was given up. */
        boolean isOver();
    }

    Mover(DataPlane plane, TransferOrder order, UserTree tree, Throttle throttle, Progress progress) {
        this.plane = plane;
        this.order = order;
        this.tree = tree;
        this.wire = throttle;
        this.throttle = order.isCompressed() ? Throttle.UNLIMITED : throttle;
        this.progress = progress;
    }

    Ending move(DataSocket socket, Buffers.Lent buffers, ByteBuffer first) throws IOException, StorageException {
        wire.await(0, this::waiting, progress::isOver);
        if (!order.isCompressed()) {
            return transfer(socket, buffers, first);
        }
        int ratio = plane.settings().maxInflation();
        int room = buffers.plain().capacity();
        try (ZlibSocket zlib = new ZlibSocket(socket, order.deflateLevel(), ratio, first, room, wire, this::waiting)) {
            return transfer(zlib, buffers, ByteBuffer.allocate(0));
        }
    }

    private Ending transfer(DataSocket socket, Buffers.Lent buffers, ByteBuffer first)
            throws IOException, StorageException {
        Transfer transfer = order.transfer();
        if (transfer instanceof Transfer.Send send) {
            return send(send, socket, buffers.plain());
        }
        if (transfer instanceof Transfer.Receive receive) {
            return receive(receive, socket, buffers.plain(), first);
        }
        return list((Transfer.SendListing) transfer, socket, buffers.plain());
    }

    private Ending send(Transfer.Send send, DataSocket socket, ByteBuffer buffer) throws IOException, StorageException {
        try (ByteSource source = tree.read(VirtualPath.of(send.path()), send.offset())) {
            if (!send.isOf(source.entry())) {
                throw new StorageException(Reason.CHANGED, send.path() + " is not the file that 150 told of");
            }
            AsciiConverter ascii = new AsciiConverter();
            ByteBuffer converted = send.ascii() ? ByteBuffer.allocate(2 * chunk(buffer)) : buffer;
            // A file that grows meanwhile is sent up to the size that 150 has told.
            long left = send.size() - send.offset();
            while (left > 0) {
                buffer.clear().limit((int) Math.min(chunk(buffer), left));
                int read = source.read(buffer);
                if (read < 0) {
                    return Ending.FAILED;
                }
                left -= read;
                buffer.flip();
                if (send.ascii()) {
                    converted.clear();
                    ascii.toNetwork(buffer, converted);
                    converted.flip();
                }
                sendChunk(socket, converted, left == 0);
            }
            if (moved == 0) {
                socket.finish(ByteBuffer.allocate(0));
            }
            return Ending.COMPLETE;
        }
    }

    private void waiting() {
        progress.moved(moved);
    }

    private void sendChunk(DataSocket socket, ByteBuffer chunk, boolean last) throws IOException {
        int length = chunk.remaining();
        throttle.await(length, this::waiting);
        if (last) {
            socket.finish(chunk);
        } else {
            socket.write(chunk);
        }
        moved(length);
    }

    private Ending list(Transfer.SendListing listing, DataSocket socket, ByteBuffer buffer)
            throws IOException, StorageException {
        ListingWriter writer = new ListingWriter(
                listing, tree, System.currentTimeMillis(), plane.listings(), Encoding.of(order.encoding()));
        writer.write(buffer, chunk -> sendChunk(socket, chunk, false));
        socket.finish(ByteBuffer.allocate(0));
        return Ending.COMPLETE;
    }

    private Ending receive(Transfer.Receive receive, DataSocket socket, ByteBuffer buffer, ByteBuffer first)
            throws IOException, StorageException {
        VirtualPath path = VirtualPath.of(receive.path());
        Upload.requireMembership(plane);
        QuotaAccount.prepare(plane.homes(), order);
        progress.copying(receive.offset());
        try (ByteSink sink = tree.write(path, mode(receive));
                QuotaAccount quota = QuotaAccount.open(plane.homes(), order, tree, sink);
                Upload upload = new Upload(
                        plane,
                        sink,
                        receive,
                        quota,
                        plane.settings().keepParts() ? Remains.KEEP : Remains.DISCARD,
                        new Inspection(plane, order, tree, scanning()))) {
            upload.begin();
            progress.moved(moved);
            // The bytes that came with the handshake are in the plaintext buffer already, flipped.
            if (first.hasRemaining()) {
                int length = first.remaining();
                upload.write(first);
                moved(length);
            }
            buffer.clear();
            while (upload.read(socket, buffer)) {
                int length = buffer.position();
                throttle.await(length, this::waiting);
                upload.write(buffer.flip());
                moved(length);
                buffer.clear();
            }
            if (!socket.endedCleanly() && !order.protection().acceptMissingCloseNotify()) {
                return Ending.TRUNCATED;
            }
            wire.await(0, this::waiting, progress::isOver); // a frozen upload does not become a file
            if (progress.isOver()) {
                return Ending.ABORTED;
            }
            socket.acknowledgeEnd();
            if (!upload.commit()) {
                return Ending.ABORTED;
            }
            record(upload.size());
            return Ending.COMPLETE;
        }
    }

    /** Records the upload before its client hears of it. The session holds the lock of the file until then. */
    private void record(long size) throws NotRecorded {
        if (plane.events().records(Change.Kind.UPLOAD)) {
            progress.copying(0);
            try {
                Recording.of(plane, order, Change.Kind.UPLOAD, Optional.empty(), size);
            } catch (NotRecordedException e) {
                throw new NotRecorded(e);
            }
        }
    }

    /** The upload is stored and not recorded. */
    static final class NotRecorded extends IOException {
        private static final long serialVersionUID = 1L;

        NotRecorded(NotRecordedException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private Waiting scanning() {
        return new Waiting() {
            @Override
            public void alive() {
                waiting();
            }

            @Override
            public boolean isOver() {
                return progress.isOver();
            }
        };
    }

    private static WriteMode mode(Transfer.Receive receive) {
        return switch (receive.placement()) {
            case REPLACE -> WriteMode.REPLACE;
            case CREATE_NEW -> WriteMode.CREATE_NEW;
            case APPEND -> WriteMode.APPEND;
            case RESUME -> WriteMode.resumeAt(receive.offset());
        };
    }

    private void moved(int length) {
        moved += length;
        progress.moved(moved);
    }

    /**
     * Number of bytes to move at once. A slow rate takes small steps: it stays smooth, and the stall timer sees
     * progress.
     */
    private int chunk(ByteBuffer buffer) {
        int full = plane.settings().bufferBytes();
        long rate = order.bytesPerSecond();
        return rate <= 0 ? Math.min(full, buffer.capacity()) : (int) Math.max(1024, Math.min(full, rate / 8));
    }
}
