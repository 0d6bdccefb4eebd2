package dev.slipway.deploy.webhook;

import dev.slipway.common.problem.InvalidInput;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Where may be sent to: public addresses, and hosts that the operator allows. The addresses that
 * are looked at are those that are connected to, so a name that changes its address in between
 * gains nothing.
 */
public final class Destinations implements DnsResolver {
  private static final int LONGEST = 2_000;

  private final Set<String> allowed;
  private final Names names;

  /** Finds the addresses of a name. */
  @FunctionalInterface
  interface Names {
    /** All of them. */
    InetAddress[] find(String host) throws UnknownHostException;
  }

  /**
   * @param allowed hosts whose addresses are not looked at, in lower case
   */
  Destinations(Collection<String> allowed, Names names) {
    this.allowed = Set.copyOf(allowed);
    this.names = names;
  }

  /**
   * Checks an address that somebody wants to be told at.
   *
   * @throws InvalidInput if nothing is to be sent there
   */
  URI check(String text) {
    InvalidInput.unless(text.length() <= LONGEST, "url", "must be at most 2000 characters");
    var url = parse(text);
    var scheme = url.getScheme();
    InvalidInput.unless(
        url.getHost() != null
            && scheme != null
            && scheme.matches("https?")
            && url.getUserInfo() == null
            && url.getFragment() == null,
        "url",
        "must be an https or http address without user and fragment");
    try {
      resolve(bare(url.getHost()));
    } catch (UnknownHostException e) {
      throw new InvalidInput("url", "must name a host that can be found and is public");
    }
    return url;
  }

  private static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new InvalidInput("url", "must be an address");
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    var found = names.find(host);
    if (!allowed.contains(host.toLowerCase(Locale.ROOT))) {
      for (var address : found) {
        if (!isPublic(address)) {
          throw new UnknownHostException(host + " is of a private network");
        }
      }
    }
    return found;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  static boolean isPublic(InetAddress address) {
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    var bytes = address.getAddress();
    var first = bytes[0] & 0xff;
    var second = bytes[1] & 0xff;
    return bytes.length == 4 ? isPublic(first, second, bytes[2] & 0xff) : isPublicSix(bytes);
  }

  /** Neither of this network, a carrier's, a test's or reserved. */
  private static boolean isPublic(int first, int second, int third) {
    return switch (first) {
      case 0 -> false;
      case 100 -> second < 64 || second > 127;
      case 192 -> !(second == 0 && (third == 0 || third == 2));
      case 198 -> !(second == 18 || second == 19 || (second == 51 && third == 100));
      case 203 -> !(second == 0 && third == 113);
      default -> first < 240;
    };
  }

  /** Global unicast alone, without what holds an IPv4 address. */
  private static boolean isPublicSix(byte[] bytes) {
    var start = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    var isGlobal = (start & 0xe000) == 0x2000;
    var isTeredo = start == 0x2001 && bytes[2] == 0 && bytes[3] == 0;
    var isSixToFour = start == 0x2002;
    return isGlobal && !isTeredo && !isSixToFour;
  }
}
