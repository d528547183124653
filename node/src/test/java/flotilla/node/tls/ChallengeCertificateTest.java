package flotilla.node.tls;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChallengeCertificateTest {
    @Test
    @DisplayName("However often somebody asks, one certificate is made for a name and a digest")
    void once() throws Exception {
        byte[] digest = new byte[32];
        byte[] other = new byte[32];
        other[0] = 1;
        SslContext context = ChallengeCertificate.context("ftp.example.org", digest);
        for (int i = 0; i < 3; i++) {
            ReferenceCountUtil.release(ChallengeCertificate.engine("ftp.example.org", digest));
        }
        assertSame(context, ChallengeCertificate.context("FTP.example.org", digest));
        assertNotSame(context, ChallengeCertificate.context("ftp.example.org", other));
        for (int i = 0; i < 100; i++) {
            other[1] = (byte) i;
            ReferenceCountUtil.release(ChallengeCertificate.engine("ftp.example.org", other));
        }
        assertNotSame(context, ChallengeCertificate.context("ftp.example.org", digest), "only the last ones are kept");
    }
}
