package flotilla.node.tls;

import java.lang.reflect.Method;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Groups for the JDK's TLS. Java 20 and newer let a server choose them. No JDK here has X25519MLKEM768. */
final class JdkGroups {
    private static final @Nullable Method SETTER = setter();

    private JdkGroups() {}

    private static @Nullable Method setter() {
        try {
            return SSLParameters.class.getMethod("setNamedGroups", String[].class);
        } catch (NoSuchMethodException before20) {
            return null;
        }
    }

    /** Sets the groups, as far as the JDK can. */
    static void set(SSLParameters parameters, TlsOffer offer) {
        if (SETTER != null) {
            try {
                SETTER.invoke(parameters, (Object) names(offer));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String[] names(TlsOffer offer) {
        return offer.groups().stream()
                .filter(group -> group != KeyGroup.X25519MLKEM768)
                .map(KeyGroup::javaName)
                .toArray(String[]::new);
    }

    /** Says what of the settings cannot be had; empty when all can. */
    static Optional<String> missing(TlsSettings settings) {
        return missing(settings.explicit()).or(() -> missing(settings.implicit()));
    }

    /** Says what of an offer cannot be had; empty when all can. */
    static Optional<String> missing(TlsOffer offer) {
        if (SETTER == null) {
            return Optional.of("This JDK offers its own groups for the key exchange, whatever tls.policy and tls.groups"
                    + " say: Java 20 or newer can be told, or -Djdk.tls.namedGroups.");
        }
        return offer.groups().contains(KeyGroup.X25519MLKEM768)
                ? Optional.of("The JDK's TLS has no group X25519MLKEM768: it is not offered.")
                : Optional.empty();
    }
}
