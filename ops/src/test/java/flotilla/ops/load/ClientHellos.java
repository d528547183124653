package flotilla.ops.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** The first flight of a TLS client, for clients that send only that or part of it. */
final class ClientHellos {
    private ClientHellos() {}

    /** Returns the first bytes of a client of this JDK. */
    static byte[] first() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 21);
        engine.setUseClientMode(true);
        ByteBuffer records = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), records);
        return Arrays.copyOf(records.array(), records.position());
    }
}
