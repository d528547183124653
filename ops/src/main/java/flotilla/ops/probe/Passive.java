package flotilla.ops.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two ways to ask for a data connection: EPSV (RFC 2428) and PASV (RFC 959). */
enum Passive {
    EPSV("\\((.)\\1\\1([0-9]{1,5})\\1\\)") {
        @Override
        InetSocketAddress told(Matcher matcher, InetAddress dialled) {
            return new InetSocketAddress(dialled, Integer.parseInt(matcher.group(2)));
        }
    },
    PASV("([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3})") {
        @Override
        InetSocketAddress told(Matcher matcher, InetAddress dialled) throws IOException {
            byte[] address = new byte[4];
            for (int i = 0; i < address.length; i++) {
                address[i] = (byte) Integer.parseInt(matcher.group(i + 1));
            }
            int port = 256 * Integer.parseInt(matcher.group(5)) + Integer.parseInt(matcher.group(6));
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        }
    };

    private final Pattern form;

    Passive(String form) {
        this.form = Pattern.compile(form);
    }

    abstract InetSocketAddress told(Matcher matcher, InetAddress dialled) throws IOException;

    /**
     * Asks for a port.
     *
     * @return what the server told; EPSV tells no address, so it is the one that was dialled
     * @throws IOException when the server refuses, or its reply has not the right form
     */
    InetSocketAddress ask(Control control) throws IOException {
        Reply reply = control.command(name());
        if (!reply.is(2)) {
            throw new IOException("the server answers " + reply.shown());
        }
        Matcher matcher = form.matcher(reply.shown());
        if (!matcher.find()) {
            throw new IOException("the reply has no address: " + reply.shown());
        }
        try {
            return told(matcher, control.peer());
        } catch (IllegalArgumentException e) {
            throw new IOException("the reply has no address: " + reply.shown(), e);
        }
    }
}
