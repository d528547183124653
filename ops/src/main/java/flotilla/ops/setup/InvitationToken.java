package flotilla.ops.setup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * What a node needs to fetch its files: where they are, the certificate that proves it, and a secret that proves the
 * node. Must not be logged.
 *
 * @param host address of the inviting node
 * @param port of the invitation
 * @param fingerprint SHA-256 of the invitation's certificate
 * @param secret of one node
 */
record InvitationToken(String host, int port, byte[] fingerprint, byte[] secret) {
    static final int SECRET = 24;

    private static final String PREFIX = "flotilla-join-";
    private static final int VERSION = 1;
    private static final int HASH = 32;
    private static final int LONGEST = 600;
    private static final String DAMAGED = "the token is not whole, or has a wrong character: copy it again";

    /** Returns the text to paste. */
    String text() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(VERSION);
            out.write(fingerprint);
            out.write(secret);
            out.writeShort(port);
            out.writeUTF(host);
            out.writeInt(check(bytes.toByteArray()));
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads the text.
     *
     * @throws IllegalArgumentException when it is no whole token
     */
    static InvitationToken parse(String given) {
        String text = given.trim();
        if (!text.startsWith(PREFIX) || text.length() > LONGEST) {
            throw new IllegalArgumentException("a token begins with " + PREFIX + "; flotilla invite prints it");
        }
        byte[] bytes = decoded(text.substring(PREFIX.length()));
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                throw new IllegalArgumentException("the token is of another version of flotilla");
            }
            byte[] fingerprint = in.readNBytes(HASH);
            byte[] secret = in.readNBytes(SECRET);
            int port = in.readUnsignedShort();
            String host = in.readUTF();
            if (in.readInt() != check(Arrays.copyOf(bytes, bytes.length - Integer.BYTES))) {
                throw new IllegalArgumentException(DAMAGED);
            }
            return new InvitationToken(host, port, fingerprint, secret);
        } catch (IOException e) {
            throw new IllegalArgumentException(DAMAGED, e);
        }
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(DAMAGED, e);
        }
    }

    private static int check(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    @Override
    public String toString() {
        return "InvitationToken[" + host + ":" + port + ", ***]";
    }
}
