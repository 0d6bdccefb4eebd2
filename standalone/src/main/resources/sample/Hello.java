import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/** A tiny HTTP server that shows its commit. */
public class Hello {
  private static final String GREETING = "Hello, world";

  public static void main(String[] args) throws IOException {
    String commit;
    try (var in = Hello.class.getResourceAsStream("/commit")) {
      commit = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    var body = GREETING + " from commit " + commit + "\n";
    var answer =
        ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body)
            .getBytes(StandardCharsets.UTF_8);
    try (var server = new ServerSocket(Integer.parseInt(args[0]), 50, InetAddress.getByName("127.0.0.1"))) {
      while (true) {
        try (var caller = server.accept()) {
          caller.setSoTimeout(1000);
          if (caller.getInputStream().read(new byte[8192]) > 0) {
            caller.getOutputStream().write(answer);
          }
        } catch (IOException gone) {
          // the next caller may stay
        }
      }
    }
  }
}
