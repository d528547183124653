package flotilla.cluster.hazelcast.tls;

import static com.hazelcast.internal.nio.IOUtil.compactOrClear;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Decrypts the bytes from the network for the next handler in the pipeline. */
final class TlsInbound extends InboundHandler<ByteBuffer, ByteBuffer> {
    private final TlsLink link;

    TlsInbound(TlsLink link) {
        this.link = link;
    }

    @Override
    public void handlerAdded() {
        initSrcBuffer();
    }

    @Override
    public HandlerStatus onRead() throws IOException {
        src.flip();
        try {
            return link.pump().read(src, dst);
        } finally {
            compactOrClear(src);
        }
    }

    @Override
    public void interceptError(Throwable error) throws IOException {
        link.quieten(error);
    }
}
