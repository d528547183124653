package flotilla.cluster.hazelcast.tls;

import static com.hazelcast.internal.nio.IOUtil.compactOrClear;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.OutboundHandler;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Encrypts the bytes of the handler before it in the pipeline. */
final class TlsOutbound extends OutboundHandler<ByteBuffer, ByteBuffer> {
    private final TlsLink link;

    TlsOutbound(TlsLink link) {
        this.link = link;
    }

    @Override
    public void handlerAdded() {
        initDstBuffer();
    }

    @Override
    public HandlerStatus onWrite() throws IOException {
        compactOrClear(dst);
        try {
            return link.pump().write(src, dst);
        } finally {
            dst.flip();
        }
    }

    @Override
    public void interceptError(Throwable error) throws IOException {
        link.quieten(error);
    }
}
