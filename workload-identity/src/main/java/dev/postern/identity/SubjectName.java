package dev.postern.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/// One name in a certificate request.
public record SubjectName(Kind kind, String value) {
    public enum Kind {
        COMMON_NAME,
        URI,
        DNS,
        IP,
        /// Any other kind: never granted.
        OTHER
    }

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /// A host as configured: an IPv4 literal or a DNS name.
    public static SubjectName host(String host) {
        return new SubjectName(IPV4.matcher(host).matches() ? Kind.IP : Kind.DNS, host);
    }

    GeneralName toGeneralName() {
        return switch (kind) {
            case URI -> new GeneralName(GeneralName.uniformResourceIdentifier, value);
            case DNS -> new GeneralName(GeneralName.dNSName, value);
            case IP -> new GeneralName(GeneralName.iPAddress, value);
            case COMMON_NAME, OTHER -> throw new IllegalStateException("not an alternative name");
        };
    }

    static List<SubjectName> common(X500Name subject) {
        List<SubjectName> names = new ArrayList<>();
        for (RDN rdn : subject.getRDNs()) {
            for (var part : rdn.getTypesAndValues()) {
                boolean common = BCStyle.CN.equals(part.getType());
                names.add(new SubjectName(
                        common ? Kind.COMMON_NAME : Kind.OTHER, IETFUtils.valueToString(part.getValue())));
            }
        }
        return names;
    }

    static List<SubjectName> alternatives(GeneralNames alternatives) {
        List<SubjectName> names = new ArrayList<>();
        for (GeneralName name : alternatives.getNames()) {
            names.add(
                    switch (name.getTagNo()) {
                        case GeneralName.uniformResourceIdentifier ->
                            new SubjectName(Kind.URI, name.getName().toString());
                        case GeneralName.dNSName ->
                            new SubjectName(Kind.DNS, name.getName().toString());
                        case GeneralName.iPAddress -> address(name);
                        default -> new SubjectName(Kind.OTHER, "");
                    });
        }
        return names;
    }

    private static SubjectName address(GeneralName name) {
        byte[] octets = ASN1OctetString.getInstance(name.getName()).getOctets();
        if (octets.length != 4) {
            return new SubjectName(Kind.OTHER, "");
        }
        StringBuilder text = new StringBuilder();
        for (byte octet : octets) {
            text.append(text.isEmpty() ? "" : ".").append(octet & 0xff);
        }
        return new SubjectName(Kind.IP, text.toString());
    }
}
