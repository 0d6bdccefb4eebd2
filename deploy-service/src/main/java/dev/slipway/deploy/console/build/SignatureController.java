package dev.slipway.deploy.console.build;

import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobRepository;
import dev.slipway.common.problem.Problem;
import java.io.IOException;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** A piece of a build's page that has to ask a bucket, so that the page need not wait for it. */
@Controller
class SignatureController {
  private final JobRepository jobs;
  private final Signatures signatures;

  SignatureController(JobRepository jobs, Signatures signatures) {
    this.jobs = jobs;
    this.signatures = signatures;
  }

  @GetMapping("/builds/{id}/signature")
  String signature(@PathVariable long id, Model model) {
    var job = find(id);
    model.addAttribute("job", job);
    model.addAttribute("signed", signatures.of(job));
    return "console/signature";
  }

  /** The signed provenance, to take away. */
  @GetMapping("/builds/{id}/provenance")
  ResponseEntity<byte[]> provenance(@PathVariable long id) throws IOException {
    var line =
        signatures
            .provenance(find(id))
            .orElseThrow(() -> Problem.notFound("provenance of build #" + id));
    var name = ContentDisposition.attachment().filename("build-" + id + ".intoto.jsonl").build();
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_NDJSON)
        .header(HttpHeaders.CONTENT_DISPOSITION, name.toString())
        .body(line);
  }

  private Job find(long id) {
    var job = jobs.findById(id);
    if (job == null) {
      throw Problem.notFound("build #" + id);
    }
    return job;
  }
}
