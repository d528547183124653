package flotilla.ops.doctor;

import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.ops.server.PublicCertificate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.security.cert.CertificateParsingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The names that clients use: the address for PASV, and the names of the certificates. */
final class Names implements Check {
    private static final int DNS = 2;
    private static final int MOST = 20;

    @Override
    public List<Outcome> look(Patient patient) {
        List<Outcome> found = new ArrayList<>();
        patient.configuration()
                .node()
                .session()
                .passiveAddress()
                .ifPresent(address -> found.add(resolved(address.name(), "passive.address ", true)));
        for (String name : certificateNames(patient)) {
            found.add(resolved(name, "The certificate's name ", false));
        }
        return found;
    }

    private static Set<String> certificateNames(Patient patient) {
        Set<String> names = new LinkedHashSet<>();
        for (CertificateFiles files : patient.configuration().node().tls().certificates()) {
            try {
                if (Files.exists(files.certificate())) {
                    Collection<List<?>> alternatives =
                            PublicCertificate.read(files).leaf().getSubjectAlternativeNames();
                    (alternatives == null ? List.<List<?>>of() : alternatives)
                            .stream()
                                    .filter(name -> name.get(0).equals(DNS))
                                    .map(name -> name.get(1).toString())
                                    .filter(name -> !name.startsWith("*") && !name.equals("localhost"))
                                    .limit(MOST)
                                    .forEach(names::add);
                }
            } catch (CertificateProblem | CertificateParsingException e) {
                // another check says so
            }
        }
        return names;
    }

    private static Outcome resolved(String name, String what, boolean isNeeded) {
        try {
            return Outcome.ok(what + name + " leads to "
                    + Arrays.stream(InetAddress.getAllByName(name))
                            .map(InetAddress::getHostAddress)
                            .distinct()
                            .collect(Collectors.joining(", "))
                    + ".");
        } catch (UnknownHostException e) {
            String text = what + name + " leads nowhere in DNS.";
            return isNeeded
                    ? Outcome.fail(text, "Clients cannot be told where the passive ports are. Mend the name.")
                    : Outcome.warn(text, "Clients that use it cannot connect. Mend DNS, or look from another network.");
        }
    }
}
