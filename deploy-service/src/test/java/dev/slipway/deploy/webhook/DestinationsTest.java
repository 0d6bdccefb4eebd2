package dev.slipway.deploy.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.InvalidInput;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class DestinationsTest {
  private final Destinations destinations =
      new Destinations(List.of("intern.example"), InetAddress::getAllByName);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://240.0.0.1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[fc00::1]/",
        "http://[ff02::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001::1]/",
        "http://localhost/"
      })
  void a_private_address_is_refused(String url) {
    assertThatThrownBy(() -> destinations.check(url))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("public");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://93.184.215.14/",
        "file:///etc/passwd",
        "//93.184.215.14/",
        "http:///x",
        "nothing",
        "http://ann:secret@93.184.215.14/",
        "http://93.184.215.14/#x",
        "http://[/",
        ""
      })
  void what_is_no_plain_web_address_is_refused(String url) {
    assertThatThrownBy(() -> destinations.check(url))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("url must be");
  }

  @Test
  void an_address_is_bounded() {
    assertThatThrownBy(() -> destinations.check("http://93.184.215.14/" + "x".repeat(2_000)))
        .hasMessage("url must be at most 2000 characters");
  }

  @Test
  void public_addresses_and_hosts_that_are_allowed_are_taken() throws Exception {
    assertThat(destinations.check("https://93.184.215.14:8443/a?b=c")).hasPort(8443);
    assertThat(destinations.check("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/")).isNotNull();
    var allowing =
        new Destinations(List.of("intern.example"), host -> InetAddress.getAllByName("10.0.0.1"));
    assertThat(allowing.check("https://Intern.Example/hook")).hasHost("Intern.Example");
    assertThatThrownBy(() -> allowing.check("https://other.example/hook"))
        .isInstanceOf(InvalidInput.class);
  }
}
