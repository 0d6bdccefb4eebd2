package dev.slipway.region.copy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.Problem;
import dev.slipway.region.RangedAnswer;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The home bucket for the engine in this very process, and for nobody else. */
@Hidden
@RestController
public class OriginController {
  private static final String SCHEME = "Bearer ";

  private final Origin origin;

  OriginController(Origin origin) {
    this.origin = origin;
  }

  @GetMapping("/origin/artifacts/{app}/{sha256}")
  void artifact(
      @PathVariable AppName app,
      @PathVariable Sha256 sha256,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    var header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (!InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()
        || header == null
        || !header.startsWith(SCHEME)
        || !origin.admits(header.substring(SCHEME.length()))) {
      throw new Problem(403, "forbidden", "this address is for the agent itself");
    }
    var found = origin.stat(app, sha256).orElseThrow(() -> Problem.notFound("this artifact"));
    new RangedAnswer(sha256.value(), found.size())
        .send(request, response, (from, length) -> origin.read(app, sha256, from, length));
  }
}
