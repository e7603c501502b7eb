namespace SimplexActors.Protocol.Smp.Responses;

/// <summary>A response or event that a router sends (S-188 to S-206).</summary>
public abstract record SmpResponse;
