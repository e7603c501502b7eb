return await SimplexActors.Nodes.CommandLine.CommandLineProgram.RunAsync(args);
