package flotilla.node.tls;

import flotilla.node.tls.CertificateMaker.KeyKind;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * What the certificate of a server shall say.
 *
 * @param subject distinguished name as in {@code C=US,O=Example}, in the order of the certificate; empty for the common
 *     name only
 * @param dnsNames DNS names; the first is also the common name unless the subject has one
 * @param addresses IP address literals
 */
public record CertificateWish(String subject, List<String> dnsNames, List<String> addresses) {
    /** Most characters of a common name (RFC 5280, appendix A.1). */
    private static final int MOST = 64;

    public CertificateWish {
        dnsNames = List.copyOf(dnsNames);
        addresses = List.copyOf(addresses);
    }

    /** The subject. IllegalArgumentException when its text is not a distinguished name. */
    X500Name name() {
        X500Name given = new X500Name(subject);
        String first = dnsNames.isEmpty() ? addresses.get(0) : dnsNames.get(0);
        if (given.getRDNs(BCStyle.CN).length > 0 || !subject.isEmpty() && first.length() > MOST) {
            return given;
        }
        X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
        for (var part : given.getRDNs()) {
            builder.addMultiValuedRDN(part.getTypesAndValues());
        }
        return builder.addRDN(BCStyle.CN, first).build();
    }

    /** The extensions of a server's certificate: names, key usage and purpose (RFC 5280, section 4.2.1). */
    Extensions extensions(KeyKind kind) throws java.io.IOException {
        List<GeneralName> names = new ArrayList<>();
        dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        addresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
        int usage = KeyUsage.digitalSignature | (kind == KeyKind.RSA ? KeyUsage.keyEncipherment : 0);
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        extensions.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        extensions.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        return extensions.generate();
    }
}
